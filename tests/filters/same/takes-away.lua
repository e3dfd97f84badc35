-- First, middle, last and all of a list go, or become more than one.
local n = 0
function Str(el)
  n = n + 1
  if n % 3 == 1 then return {} end
  if n % 3 == 2 then return {pandoc.Str 'one', pandoc.Space(), el} end
end
function Space()
  if n % 2 == 0 then return {} end
end
function SoftBreak()
  return pandoc.Space()
end
function Plain(el)
  if #el.content < 2 then return {} end
end
function Para(el)
  n = n + 1
  if n % 4 == 0 then return {} end
  if n % 4 == 1 then return {el, pandoc.HorizontalRule(), el} end
end
function HorizontalRule()
  return {}
end
