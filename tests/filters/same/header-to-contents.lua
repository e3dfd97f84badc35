local entries = pandoc.List()
return {
  {Header = function(h)
    if h.level <= 2 then entries:insert {pandoc.Plain {pandoc.Link(h.content, '#' .. h.identifier)}} end
  end},
  {Pandoc = function(doc) return pandoc.Pandoc({pandoc.BulletList(entries)} .. doc.blocks, doc.meta) end},
}
