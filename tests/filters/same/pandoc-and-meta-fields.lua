function Pandoc(doc)
  doc.meta.count = tostring(#doc.blocks)
  doc.blocks[1] = pandoc.HorizontalRule()
  doc.blocks:remove(2)
  return doc
end
