function Table(t)
  local out = {#t.colspecs, t.colspecs[2][1], tostring(t.colspecs[1][2]), #t.head.rows, #t.bodies, #t.bodies[1].body, #t.foot.rows,
    t.bodies[1].row_head_columns, pandoc.utils.stringify(t.caption.long), tostring(t.caption.short), t.head.rows[1].cells[3].alignment,
    t.head.rows[1].cells[1].row_span, t.head.rows[1].cells[1].col_span, pandoc.utils.type(t.head), pandoc.utils.type(t.head.rows[1]),
    pandoc.utils.type(t.head.rows[1].cells[1]), pandoc.utils.type(t.foot), #t.head.identifier}
  return pandoc.CodeBlock(table.concat(out, '\n'))
end
