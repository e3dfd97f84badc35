function Pandoc(doc)
  return pandoc.Pandoc(pandoc.utils.make_sections(true, nil, doc.blocks), doc.meta)
end
