function Pandoc(doc)
  local out = pandoc.List {}
  local l = pandoc.List {'a', 'b', 'c'}
  out:extend {l:at(1), l:at(-1), tostring(l:at(9)), l:at(9, 'none')}
  for x in l:iter() do out:insert(x) end
  for x in l:iter(-1) do out:insert(x) end
  for x in l:iter(2) do out:insert(x) end
  local seen = pandoc.List(l:iter())
  out:insert(#seen)
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
