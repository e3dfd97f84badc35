function Pandoc()
  local out = {}
  for _, n in ipairs {1, 4, 9, 14, 40, 90, 400, 1994, 2026, 3999, 4000} do out[#out + 1] = pandoc.utils.to_roman_numeral(n) end
  for _, d in ipairs {'2020-02-29', '2021-02-29', '01/02/2020', '2 January 2020', '02 Jan 2020', '2020', '20200102', '202001', 'May 2, 2020', 'Jan. 2, 2020', '2/1/20', 'x', '1600-01-01', '2020-13-01'} do
    out[#out + 1] = d .. '=' .. tostring(pandoc.utils.normalize_date(d))
  end
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
