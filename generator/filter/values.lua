-- values.lua: pandoc's List, AttributeList and Attr over plain tables.
--
-- Must not know: elements; what compares and shows them comes through the shared table.

local native, C = ...
local rawget, rawset, rawlen, type, tostring, error, ipairs, pairs =
  rawget, rawset, rawlen, type, native.tostring, error, ipairs, native.pairs
local gmatch = string.gmatch
local sort, unpack, remove, insert = table.sort, table.unpack, table.remove, table.insert
-- as they are: no metatable is protected from us
local mt_of, setmetatable = native.metatable, native.setmetatable
local sealed = false -- what getmetatable would tell, if there were one

local List_methods = {}
local List_mt = { __name = 'List', __metatable = sealed }
local Inlines_mt = { __name = 'Inlines', __metatable = sealed, list = 'I' }
local Blocks_mt = { __name = 'Blocks', __metatable = sealed, list = 'B' }
local List = native.proxy(List_methods)
List_mt.__index = List

local function new_list(t)
  return setmetatable(t or {}, List_mt)
end

local function like(list, t) -- a new list of the same type
  local mt = mt_of(list)
  if mt ~= Inlines_mt and mt ~= Blocks_mt then mt = List_mt end
  return setmetatable(t, mt)
end

local function list_concat(a, b)
  if type(a) ~= 'table' or type(b) ~= 'table' then
    error('a list cannot be joined with a ' .. type(type(a) == 'table' and b or a), 2)
  end
  local out, n = {}, 0
  for i = 1, #a do n = n + 1; out[n] = a[i] end
  for i = 1, #b do n = n + 1; out[n] = b[i] end
  return setmetatable(out, mt_of(a))
end

-- Lists of two types are two things, as in pandoc.
local function list_equal(a, b)
  return mt_of(a) == mt_of(b) and C.equal(a, b)
end
for _, mt in ipairs { List_mt, Inlines_mt, Blocks_mt } do
  mt.__concat = list_concat
  mt.__eq = list_equal
end

function List_methods:new(t)
  if t == nil then return new_list {} end
  if type(t) == 'table' then return setmetatable(t, List_mt) end
  local out = {}
  for v in t do out[#out + 1] = v end
  return new_list(out)
end
function List_methods:clone()
  local out = {}
  for i = 1, #self do out[i] = self[i] end
  return like(self, out)
end
function List_methods:at(i, default)
  if i < 0 then i = #self + 1 + i end
  local v = self[i]
  if v == nil then return default end
  return v
end
function List_methods:extend(other)
  if type(other) ~= 'table' then error('extend: a list is expected, got ' .. type(other), 2) end
  local n = #self
  for i = 1, #other do self[n + i] = other[i] end
  return self
end
function List_methods:filter(pred)
  local out = {}
  for i = 1, #self do
    if pred(self[i], i) then out[#out + 1] = self[i] end
  end
  return like(self, out)
end
function List_methods:map(fn)
  local out = {}
  for i = 1, #self do out[i] = fn(self[i], i) end
  return new_list(out)
end
function List_methods:find(needle, init)
  for i = init or 1, #self do
    if self[i] == needle then return self[i], i end
  end
  return nil
end
function List_methods:find_if(pred, init)
  for i = init or 1, #self do
    if pred(self[i], i) then return self[i], i end
  end
  return nil
end
function List_methods:includes(needle, init)
  for i = init or 1, #self do
    if self[i] == needle then return true end
  end
  return false
end
function List_methods:iter(step)
  step = step or 1
  local i = step > 0 and 1 - step or #self + 1
  return function()
    i = i + step
    return self[i]
  end
end
List_methods.insert, List_methods.remove, List_methods.sort = insert, remove, sort
List_methods.unpack = unpack

---------------------------------------------------------------------------------------------------
-- Attributes

local function pairs_find(t, key)
  for i = 1, rawlen(t) do
    if rawget(t, i)[1] == key then return i end
  end
end
local Attributes_mt = { __name = 'AttributeList', __metatable = sealed, opaque = true }
local function attribute_text(key, value)
  local kind = type(value)
  if kind == 'table' or kind == 'function' then
    error('attribute ' .. tostring(key) .. ': a string is expected, got ' .. kind, 3)
  end
  return tostring(value)
end
function Attributes_mt.__index(t, key)
  local i = type(key) == 'string' and pairs_find(t, key)
  return i and rawget(t, i)[2] or nil
end
function Attributes_mt.__newindex(t, key, value)
  if type(key) == 'number' then
    if value ~= nil then
      rawset(t, rawlen(t) + 1, { tostring(value[1]), attribute_text(value[1], value[2]) })
    end
    return
  end
  local i = pairs_find(t, key)
  if value == nil then
    if i then remove(t, i) end
  elseif i then
    rawget(t, i)[2] = attribute_text(key, value)
  else
    rawset(t, rawlen(t) + 1, { tostring(key), attribute_text(key, value) })
  end
end
function Attributes_mt.__pairs(t)
  local i = 0
  return function()
    i = i + 1
    local pair = rawget(t, i)
    if pair then return pair[1], pair[2] end
  end, t, nil
end
function Attributes_mt.__eq(a, b)
  if rawlen(a) ~= rawlen(b) then return false end
  for i = 1, rawlen(a) do
    local x, y = rawget(a, i), rawget(b, i)
    if x[1] ~= y[1] or x[2] ~= y[2] then return false end
  end
  return true
end

local function to_attributes(t)
  local mt = type(t) == 'table' and mt_of(t)
  if mt == Attributes_mt then return t end
  local out = setmetatable({}, Attributes_mt)
  if t == nil then return out end
  if type(t) ~= 'table' then error('attributes: a table is expected, got ' .. type(t), 0) end
  if type(t[1]) == 'table' then
    for i = 1, #t do out[tostring(t[i][1])] = t[i][2] end
  else
    for k, v in pairs(t) do out[tostring(k)] = v end
  end
  return out
end

local function words(s)
  local out = {}
  for w in gmatch(s, '%S+') do out[#out + 1] = w end
  return out
end

local function to_classes(c)
  if c == nil then return new_list {} end
  if type(c) == 'string' then return new_list(words(c)) end
  if type(c) ~= 'table' then error('classes: a list is expected, got ' .. type(c), 0) end
  return mt_of(c) == List_mt and c or setmetatable(c, List_mt)
end

local Attr_methods = {}
local Attr_mt = { __name = 'Attr', __metatable = sealed, opaque = true }
local attr_places = { 'identifier', 'classes', 'attributes', identifier = true, classes = true, attributes = true }
function Attr_mt.__index(a, key)
  if type(key) == 'number' and attr_places[key] then return rawget(a, attr_places[key]) end
  if key == 't' or key == 'tag' then return 'Attr' end
  return Attr_methods[key]
end
function Attr_mt.__newindex(a, key, value)
  if not attr_places[key] then error("an Attr has no field '" .. tostring(key) .. "'", 2) end
  rawset(a, type(key) == 'number' and attr_places[key] or key, value)
end
function Attr_mt.__pairs(a)
  local names, i = { 'attributes', 'classes', 'identifier', 'tag', 'clone' }, 0
  return function()
    i = i + 1
    if names[i] then return names[i], a[names[i]] end
  end, a, nil
end
function Attr_mt.__eq(a, b)
  return a.identifier == b.identifier and C.equal(a.classes, b.classes)
    and to_attributes(a.attributes) == to_attributes(b.attributes)
end
function Attr_mt.__len()
  return 3
end
function Attr_mt.__tostring(a)
  return C.show(a)
end
function Attributes_mt.__tostring(a)
  return C.show(a)
end

local function new_attr(id, classes, attributes)
  if type(id) == 'table' then error('the identifier of an Attr: a string is expected, got a table', 0) end
  return setmetatable({
    identifier = id or '',
    classes = to_classes(classes),
    attributes = to_attributes(attributes),
  }, Attr_mt)
end

local function to_attr(a)
  local kind = type(a)
  if kind == 'table' and mt_of(a) == Attr_mt then -- what was put into it may be plain
    local own, names = rawget(a, 'attributes'), rawget(a, 'classes')
    if type(own) ~= 'table' or mt_of(own) ~= Attributes_mt then rawset(a, 'attributes', to_attributes(own)) end
    if type(names) ~= 'table' then rawset(a, 'classes', to_classes(names)) end
    return a
  elseif a == nil then
    return new_attr()
  elseif kind == 'string' then
    return new_attr(a)
  elseif kind ~= 'table' then
    error('Attr: a table is expected, got ' .. kind, 0)
  elseif #a > 0 then
    return new_attr(a[1], a[2], a[3])
  end
  local id, classes, rest = a.id or a.identifier, a.class or a.classes, {}
  local own = type(a.attributes) == 'table' and a.attributes or nil
  for k, v in pairs(a) do
    if k ~= 'id' and k ~= 'identifier' and k ~= 'class' and k ~= 'classes'
      and not (k == 'attributes' and own) then
      rest[#rest + 1] = { k, v }
    end
  end
  return new_attr(id, classes, own or rest)
end

function Attr_methods:clone()
  local attributes = {}
  for i = 1, rawlen(self.attributes) do
    local pair = rawget(self.attributes, i)
    attributes[i] = { pair[1], pair[2] }
  end
  return new_attr(self.identifier, List_methods.clone(to_classes(self.classes)), attributes)
end

C.sealed, C.words = sealed, words
C.List, C.List_methods, C.List_mt, C.Inlines_mt, C.Blocks_mt = List, List_methods, List_mt, Inlines_mt, Blocks_mt
C.new_list, C.list_concat = new_list, list_concat
C.Attr_mt, C.Attributes_mt, C.Attr_methods = Attr_mt, Attributes_mt, Attr_methods
C.new_attr, C.to_attr, C.to_attributes, C.to_classes = new_attr, to_attr, to_attributes, to_classes
