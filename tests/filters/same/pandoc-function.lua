function Pandoc(doc)
  local blocks = pandoc.List(doc.blocks):filter(function(b) return b.t == 'Header' end)
  return pandoc.Pandoc(blocks, {title = doc.meta.title})
end
