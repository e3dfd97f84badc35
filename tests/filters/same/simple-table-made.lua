function Pandoc()
  local s = pandoc.SimpleTable({pandoc.Str 'cap'}, {'AlignLeft', 'AlignRight'}, {0, 0}, {{pandoc.Plain 'a'}, {pandoc.Plain 'b'}}, {{{pandoc.Plain 'c'}, {}}})
  return pandoc.Pandoc {pandoc.utils.from_simple_table(s), pandoc.Para(pandoc.utils.type(s))}
end
