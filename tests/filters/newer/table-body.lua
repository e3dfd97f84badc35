function Pandoc()
  local P = pandoc
  local body = P.TableBody({P.Row {P.Cell 'c', P.Cell('d', 'AlignRight')}}, {P.Row {P.Cell 'h'}}, 1, {'b'})
  return P.Pandoc {P.Table({}, {{'AlignLeft'}, {'AlignDefault', 0.5}}, P.TableHead {}, {body}, P.TableFoot {})}
end
