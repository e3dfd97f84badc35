-- The same for lists, meta and the whole: four filters, each keeps the document as it is.
return {
  {Inlines = function(list)
    list:insert(pandoc.Str 'changed')
    list[1] = pandoc.Str 'changed'
  end},
  {Blocks = function(list)
    for _, b in ipairs(list) do
      if b.t == 'Header' then b.level = 6 end
    end
    list:insert(pandoc.Para 'changed')
  end},
  {Meta = function(meta)
    meta.title = 'changed'
    meta.more = pandoc.List {'changed'}
  end},
  {Pandoc = function(doc)
    doc.blocks:insert(pandoc.Para 'changed')
    doc.meta.title = 'changed'
  end},
}
