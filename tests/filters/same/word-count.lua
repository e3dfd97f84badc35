local words = 0
return {
  {Str = function(el) if el.text:match '%P' then words = words + 1 end end, Code = function(el)
    local _, n = el.text:gsub('%S+', '')
    words = words + n
  end},
  {Pandoc = function(doc) doc.meta.words = tostring(words) return doc end},
}
