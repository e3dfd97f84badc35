function Pandoc()
  local f = pandoc.Figure({pandoc.Plain 'inside it'}, {long = {pandoc.Plain 'a caption'}, short = 's'}, {'fig', {'wide'}})
  f.identifier = 'f2'
  f.caption.long[1].content:insert(pandoc.Str '!')
  return pandoc.Pandoc {f, pandoc.Figure(pandoc.Para 'x', 'cap')}
end
