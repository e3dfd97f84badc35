function Pandoc(doc)
  local b = doc.blocks
  local _, at = b:find_if(function(x) return x.t == 'BlockQuote' end)
  local cut = b:remove(at)
  b:extend {cut, cut}
  return pandoc.Pandoc(b .. pandoc.Blocks 'two words', doc.meta)
end
