function Pandoc(doc)
  return doc .. pandoc.Pandoc({pandoc.Para 'tail'}, {extra = 'x'})
end
