-- What a handler does to its element without returning it is not kept.
function Str(el)
  el.text = el.text:upper()
end
function Emph(el)
  el.content = {}
end
function Link(el)
  el.target = 'nowhere'
  el.classes:insert 'changed'
end
function Para(el)
  el.content[1] = pandoc.Str 'changed'
  el.content:insert(pandoc.Str 'more')
end
function BulletList(el)
  el.content[1] = {pandoc.Plain 'changed'}
end
function Div(el)
  el.attributes.changed = 'yes'
  el.content:remove(1)
end
function Header(el)
  el.level = el.level + 1
  el.identifier = 'changed'
end
function CodeBlock(el)
  el.text = el.text .. 'changed'
  return el
end
