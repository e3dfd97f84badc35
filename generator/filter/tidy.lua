-- tidy.lua: Pandoc:normalize, as pandoc's builders leave a document.
--
-- Must not know: files.

local _, C = ...
local ipairs = ipairs
local classes, class_of, M = C.classes, C.class_of, C.M

local breaks = { [classes.SoftBreak] = true, [classes.LineBreak] = true }
local function joined(list)
  local out = {}
  for _, x in ipairs(list) do
    local last = out[#out]
    local a, b = last and class_of(last), class_of(x)
    if a == classes.Str and b == classes.Str then
      out[#out] = M.Str(last.text .. x.text)
    elseif b == classes.Space and (a == classes.Space or breaks[a]) then
      -- one is enough
    elseif a == classes.Space and breaks[b] then
      out[#out] = x
    elseif b ~= classes.Str or x.text ~= '' then
      out[#out + 1] = x
    end
  end
  if out[1] and class_of(out[1]) == classes.Space then table.remove(out, 1) end
  if out[#out] and class_of(out[#out]) == classes.Space then out[#out] = nil end
  return M.Inlines(out)
end

return {
  normalize = function(doc)
    return doc:walk { Inlines = joined }
  end,
}
