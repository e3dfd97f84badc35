local function change(el)
  el.identifier = el.identifier .. '-x'
  el.classes:insert 'added'
  el.attributes.new = 'value'
  el.attributes.level = nil
  el.attributes.k = 'changed'
  return el
end
return {{Header = change, Code = change, Span = change, Div = change, CodeBlock = change, Link = change, Image = change}}
