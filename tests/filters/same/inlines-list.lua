function Inlines(list)
  for i = #list - 1, 1, -1 do
    if list[i].t == 'Str' and list[i + 1].t == 'Space' then list:remove(i + 1) end
  end
  return list
end
