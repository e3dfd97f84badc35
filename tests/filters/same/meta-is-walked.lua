function Str(el) return pandoc.Str(el.text:reverse()) end
function BulletList(l) return pandoc.OrderedList(l.content) end
