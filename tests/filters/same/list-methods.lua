function Pandoc()
  local L = pandoc.List
  local l = L {3, 1, 2}
  local out = L()
  out:insert(table.concat(l:map(function(x, i) return x * 10 + i end), ','))
  out:insert(table.concat(l:filter(function(x) return x > 1 end), ','))
  out:insert(tostring(l:find(2)) .. tostring(l:find(9)))
  out:insert(tostring(l:find_if(function(x) return x < 3 end)))
  out:insert(tostring(l:includes(1)) .. tostring(l:includes(1, 3)))
  local c = l:clone()
  c:insert(4)
  c:insert(1, 0)
  out:insert(table.concat(c, ',') .. '|' .. #l)
  c:remove(1)
  c:extend {7, 8}
  c:sort()
  out:insert(table.concat(c, ','))
  c:sort(function(a, b) return a > b end)
  out:insert(table.concat(c, ','))
  out:insert(table.concat(l .. {9}, ','))
  out:insert(tostring(L {1, 2} == L {1, 2}))
  out:insert(tostring(pandoc.utils.type(l:map(tostring))))
  out:insert(select(2, l:find(1)))
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
