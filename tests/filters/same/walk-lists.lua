function Pandoc(doc)
  local blocks = doc.blocks:walk {Header = function(h) return pandoc.Para(h.content) end}
  local first = blocks[2].content:walk {Str = function(s) return {s, s} end}
  blocks:insert(pandoc.Para(first))
  return pandoc.Pandoc(blocks, doc.meta)
end
