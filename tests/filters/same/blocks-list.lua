function Blocks(list)
  list:insert(1, pandoc.Plain {pandoc.Str(tostring(#list))})
  return list
end
