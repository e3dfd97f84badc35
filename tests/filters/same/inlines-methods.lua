function Para(p)
  local c = p.content
  local words = c:filter(function(x) return x.t == 'Str' end)
  local with = words:map(function(x) return pandoc.Emph {x} end)
  local at = c:find_if(function(x) return x.t == 'Link' end)
  local new = pandoc.Inlines(with) .. {pandoc.Space()} .. c
  if at then new:insert(1, at) end
  return pandoc.Para(new)
end
