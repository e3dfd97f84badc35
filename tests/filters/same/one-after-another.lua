-- Tables of single elements, then one that wants the whole, then one of single elements again.
return {
  {Str = function(el)
    return pandoc.Str(el.text .. '1')
  end, Code = function()
    return {}
  end},
  {Header = function(el)
    return pandoc.Div(el, {class = 'h' .. el.level})
  end, Str = function(el)
    if el.text:match '^[aeiou]' then return pandoc.Emph(el) end
  end},
  {Pandoc = function(doc)
    local first = doc.blocks[1]
    return pandoc.Pandoc({first, first}, doc.meta)
  end},
  {Str = function(el)
    el.text = el.text .. '4'
    return el
  end},
}
