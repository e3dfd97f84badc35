function Pandoc()
  local s = pandoc.system
  local out = {s.os, type(s.arch), type(s.get_working_directory()), s.with_working_directory('.', function() return 'inside' end)}
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
