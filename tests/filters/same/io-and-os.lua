function Pandoc()
  local f = io.open('data.txt')
  local out = {f:read 'l', f:read 'n', f:read 'a', io.type(f)}
  f:close()
  out[#out + 1] = io.type(f)
  for line in io.lines 'data.txt' do out[#out + 1] = '<' .. line .. '>' end
  out[#out + 1] = tostring(io.open 'none.txt')
  out[#out + 1] = os.date('!%Y-%m-%d', 86400)
  out[#out + 1] = os.time {year = 2020, month = 1, day = 2, hour = 0} - os.time {year = 2020, month = 1, day = 1, hour = 0}
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
