function Pandoc()
  return pandoc.Pandoc {pandoc.Div(pandoc.Inlines 'two words'), pandoc.Cell and pandoc.BulletList {pandoc.Inlines 'a b'}, pandoc.Div {{pandoc.Str 'x'}, 'y'}}
end
