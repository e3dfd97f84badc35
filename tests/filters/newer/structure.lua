function Pandoc(doc)
  local s = pandoc.structure
  local used = {['part-one'] = true}
  local chunked = s.split_into_chunks(doc, {chunk_level = 2})
  local paths = chunked.chunks:map(function(c) return c.path .. ':' .. c.id end)
  return pandoc.Pandoc(s.make_sections(doc.blocks, {number_sections = true}) .. {
    s.table_of_contents(doc.blocks), s.table_of_contents(chunked, {toc_depth = 1}), pandoc.Plain(pandoc.utils.type(chunked)),
    pandoc.Plain(table.concat(paths, ',')), pandoc.Plain(tostring(s.slide_level(doc.blocks))),
    pandoc.Plain(s.unique_identifier(pandoc.Inlines 'Part One!', used)), pandoc.Plain(s.unique_identifier(pandoc.Inlines '1. 受限 空间', {})),
  })
end
