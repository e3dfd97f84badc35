function Pandoc(doc)
  local new = doc:walk {Str = function(s) return pandoc.Str(s.text:upper()) end, Meta = function(m) m.list = nil return m end}
  new.blocks = {pandoc.Para {pandoc.Space(), pandoc.Str 'a', pandoc.Str 'b', pandoc.Space(), pandoc.Space(), pandoc.Str 'c', pandoc.Space()}} .. pandoc.Blocks {new.blocks[1]}
  return new:normalize()
end
