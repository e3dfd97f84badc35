function Meta(meta)
  local out = {}
  for _, key in ipairs {'title', 'author', 'draft', 'nested', 'abstract', 'none'} do
    out[key .. '-type'] = pandoc.utils.type(meta[key])
  end
  out.text = pandoc.utils.stringify(meta.title)
  out.first = meta.author[1]
  out.key = meta.nested.key
  return out
end
