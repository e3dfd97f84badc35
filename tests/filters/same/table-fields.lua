function Table(t)
  t.attr = {'tab', {'wide'}}
  t.caption.long = {pandoc.Para 'new caption'}
  t.caption.short = {pandoc.Str 'short'}
  t.colspecs[1] = {'AlignCenter', 0.25}
  t.head.rows[1].cells[1].contents = {pandoc.Plain 'H'}
  local row = t.bodies[1].body[1]
  row.attr = {'r1'}
  row.cells[2].alignment = 'AlignLeft'
  row.cells[2].row_span, row.cells[2].col_span = 1, 1
  row.cells[3].attr = {'c', {'k'}}
  t.bodies[1].row_head_columns = 1
  return t
end
