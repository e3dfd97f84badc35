function Pandoc()
  local m = pandoc.mediabag
  m.insert('b.txt', 'text/plain', 'bytes')
  m.insert('a.png', 'image/png', 'more bytes')
  m.insert('c', nil, 'x')
  m.delete 'c'
  local out = pandoc.List()
  for _, item in ipairs(m.list()) do out:insert(item.path .. item.type .. item.length) end
  for name, mime, contents in m.items() do out:insert(name .. mime .. contents) end
  local mime, contents = m.lookup 'b.txt'
  out:extend {mime, contents, tostring(m.lookup 'none')}
  m.empty()
  out:insert(#m.list())
  out:sort(function(a, b) return tostring(a) < tostring(b) end)
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
