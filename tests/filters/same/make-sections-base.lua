function Pandoc(doc)
  local blocks = pandoc.List {
    pandoc.Header(1, 'A', {'a', {'x'}, {{'k', 'v'}}}), pandoc.Para 'p', pandoc.Header(3, 'B'), pandoc.Para 'q', pandoc.Header(2, 'C', {class = 'unnumbered'}),
    pandoc.Header(2, 'D'), pandoc.Div({pandoc.Header(2, 'E'), pandoc.Para 'r'}, {class = 'own'}), pandoc.Header(1, 'F'),
  }
  blocks = pandoc.utils.make_sections(true, 2, blocks) .. pandoc.utils.make_sections(false, nil, blocks)
  return pandoc.Pandoc(blocks)
end
