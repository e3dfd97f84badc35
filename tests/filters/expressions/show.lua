-- show: any value as one line of text, the same in pandoc and here; `probe` notes what an expression
-- gives. tests/cli/filter.sh puts a call of probe for each line of the *.txt beside this behind it.
local P, U, T = pandoc, pandoc.utils, pandoc.text
local out = {}

-- Values that pandoc holds as userdata, which show themselves in Haskell's notation.
local opaque = {}
for _, name in ipairs { 'Inline', 'Block', 'Attr', 'AttributeList', 'Citation', 'Pandoc', 'SimpleTable', 'Version',
  'pandoc Cell', 'pandoc Row', 'pandoc TableHead', 'pandoc TableFoot' } do
  opaque[name] = true
end

local function show(v, depth)
  depth = (depth or 0) + 1
  if depth > 7 then return '...' end
  local t = type(v)
  if t == 'string' then return string.format('%q', v) end
  if t ~= 'table' and t ~= 'userdata' then return t == 'function' and t or tostring(v) end
  local kind = pandoc.utils.type(v)
  if t == 'userdata' or opaque[kind] then return '<' .. kind .. ' ' .. t .. ' ' .. tostring(v) .. '>' end
  local parts, keys, n = {}, {}, #v
  for i = 1, n do parts[i] = show(v[i], depth) end
  for k in pairs(v) do
    if not (math.type(k) == 'integer' and k >= 1 and k <= n) then keys[#keys + 1] = tostring(k) end
  end
  table.sort(keys)
  for _, k in ipairs(keys) do parts[#parts + 1] = k .. '=' .. show(v[k], depth) end
  return kind .. '{' .. table.concat(parts, ', ') .. '}'
end

local function probe(expression, f)
  local results, parts = table.pack(pcall(f)), {}
  for i = 2, results[1] and results.n or 1 do
    local ok, text = pcall(show, results[i])
    parts[#parts + 1] = ok and text or 'cannot be shown'
  end
  out[#out + 1] = expression .. ' -> ' .. (results[1] and table.concat(parts, ' ; ') or 'an error')
end

local function finish()
  return pandoc.Pandoc { pandoc.CodeBlock(table.concat(out, '\n')) }
end
