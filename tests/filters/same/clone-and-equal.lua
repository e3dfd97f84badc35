function Pandoc(doc)
  local out = pandoc.List()
  for i, b in ipairs(doc.blocks) do
    local c = b:clone()
    out:insert(tostring(c == b))
    if i > 1 then out:insert(tostring(b == doc.blocks[1])) end
  end
  local p = pandoc.Para 'x y'
  local q = p:clone()
  q.content[1].text = 'z'
  out:insert(p.content[1].text)
  out:insert(tostring(p == q))
  out:insert(tostring(pandoc.utils.equals(p, pandoc.Para 'x y')))
  out:insert(tostring(pandoc.Inlines 'a b' == pandoc.Inlines {pandoc.Str 'a', pandoc.Space(), pandoc.Str 'b'}))
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
