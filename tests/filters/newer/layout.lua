function Pandoc(doc)
  local out = pandoc.List {}
  local l = pandoc.layout
  out:insert(l.render(l.hang(l.literal 'one' + 'two' + 'three', 2, '- '), 9))
  out:insert(l.render(l.literal 'a' .. l.cr .. l.literal 'b'))
  out:insert(l.render(l.literal 'a' .. l.blankline .. l.literal 'b'))
  out:insert(l.render(l.nest(l.literal 'x' / l.literal 'y', 3)))
  out:insert(l.render(l.prefixed(l.literal 'q' / l.literal 'r', '> ')))
  out:insert(l.render(l.literal 'aa' + l.literal 'bb' + l.literal 'cc', 5))
  out:insert(l.render(l.brackets 'x' .. l.parens 'y' .. l.braces 'z' .. l.quotes 'q' .. l.double_quotes 'd'))
  out:insert('|' .. l.render(l.lblock('a', 3)) .. '|' .. l.render(l.rblock('b', 3)) .. '|' .. l.render(l.cblock('c', 3)) .. '|')
  out:extend {tostring(l.is_empty(l.empty)), tostring(l.is_empty(l.literal 'x')), l.real_length '受限a', l.height('a\nb'), l.offset('abc\nde'), l.min_offset('ab cde')}
  out:insert(l.render(l.concat({'a', 'b', 'c'}, ', ')))
  out:insert(l.render(l.inside('m', '<', '>')))
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
