function Table(t)
  local s = pandoc.utils.to_simple_table(t)
  s.caption:insert(pandoc.Str '!')
  s.aligns[1] = 'AlignCenter'
  s.widths = {0.2, 0.3, 0.5}
  s.headers[1] = {pandoc.Plain 'Head'}
  s.rows[1], s.rows[2] = s.rows[2], s.rows[1]
  return pandoc.utils.from_simple_table(s)
end
