local n = 0
count = 0
function Str(el) n = n + 1 count = count + 2 return pandoc.Str(n .. ':' .. count) end
