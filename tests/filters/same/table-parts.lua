function Pandoc()
  local P = pandoc
  local function row(...)
    local cells = {}
    for i, s in ipairs {...} do cells[i] = P.Cell({P.Plain(s)}, 'AlignRight', 1, 1, {'', {'c' .. i}}) end
    return P.Row(cells, {'row'})
  end
  return P.Pandoc {P.Table({long = {P.Plain 'cap'}, short = {P.Str 's'}}, {{'AlignLeft', 0.5}, {'AlignDefault', nil}},
    P.TableHead({row('a', 'b')}, {'head'}), {{attr = P.Attr 'body', body = {row('c', 'd')}, head = {row('e', 'f')}, row_head_columns = 1}},
    P.TableFoot({row('g', 'h')}, {'foot'}), {'table', {'x'}})}
end
