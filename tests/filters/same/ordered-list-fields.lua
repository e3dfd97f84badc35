function OrderedList(l)
  l.start = l.start + 10
  l.style = 'UpperRoman'
  l.listAttributes.delimiter = 'TwoParens'
  l.content:insert {pandoc.Plain(l.delimiter)}
  return l
end
