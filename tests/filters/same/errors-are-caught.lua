function Pandoc()
  local out = {}
  local function try(f, ...) out[#out + 1] = tostring((pcall(f, ...))) end
  try(pandoc.Str, {}) try(pandoc.Para, 5) try(pandoc.Para, pandoc.Para 'x') try(pandoc.Header, 'x', 'y') try(pandoc.Div, true)
  try(pandoc.Attr, {}, 5) try(error, 'x') try(pandoc.read, 'x', 'no-such') try(function() return pandoc.Str 'x'.text.y.z end)
  try(pandoc.Link, 'x') try(pandoc.utils.to_simple_table, pandoc.Para 'x')
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
