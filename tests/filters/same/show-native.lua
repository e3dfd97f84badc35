function Pandoc(doc)
  local out = {}
  for i, b in ipairs(doc.blocks) do out[i] = pandoc.CodeBlock(tostring(b)) end
  return pandoc.Pandoc(out)
end
