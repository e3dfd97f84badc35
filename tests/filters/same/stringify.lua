function Pandoc(doc)
  local out = {}
  for i, b in ipairs(doc.blocks) do out[i] = pandoc.Plain {pandoc.Str(pandoc.utils.stringify(b))} end
  out[#out + 1] = pandoc.Para(pandoc.utils.stringify(doc.meta.title))
  out[#out + 1] = pandoc.Para(pandoc.utils.stringify(doc.meta.abstract))
  return pandoc.Pandoc(out)
end
