function Pandoc(doc)
  local out = {}
  local flat = doc.blocks:filter(function(b) return b.content == nil or b.t == 'Para' or b.t == 'Header' or b.t == 'LineBlock' end)
  for i, b in ipairs(flat) do if b.t ~= 'Table' then out[#out + 1] = pandoc.Plain(pandoc.utils.blocks_to_inlines({b, b}, {pandoc.Str '|', pandoc.Space()})) end end
  return pandoc.Pandoc(out)
end
