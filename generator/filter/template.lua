-- template.lua: pandoc.template, the language of its manual: $x$, ${x.y}, if, for, sep, it, partials,
-- pipes, comments.
--
-- Must not know: which templates there are.

local native, C = ...
local type, tostring, tonumber, error, ipairs, setmetatable =
  type, native.tostring, tonumber, error, ipairs, native.setmetatable
local find, match, sub, gmatch, rep = string.find, string.match, string.sub, string.gmatch, string.rep
local concat = table.concat
local Template_mt = { __name = 'pandoc Template', __metatable = false, opaque = true }

-- One directive at `at`: its inside and the place behind it; nil for none.
local function directive(text, at)
  local a, b, inner = find(text, '^%${%s*(.-)%s*}', at)
  if a then return inner, b + 1 end
  a, b, inner = find(text, '^%$([%a][^$\n]-)%$', at)
  if a then return match(inner, '^%s*(.-)%s*$'), b + 1 end
end

local function parse(text, load)
  local root = { kind = 'list' }
  local stack, top, at = {}, root, 1
  local function add(node) top[#top + 1] = node end
  local function word(s)
    if s ~= '' then add { kind = 'text', text = s } end
  end
  local function open(node, list)
    add(node)
    stack[#stack + 1] = { node = node, list = top }
    top = list
  end
  -- A directive alone on its line takes the line's end with it.
  local function behind(from, to)
    local alone = (from == 1 or sub(text, from - 1, from - 1) == '\n') and sub(text, to, to) == '\n'
    return alone and to + 1 or to
  end
  while at <= #text do
    local d = find(text, '$', at, true)
    if not d then break end
    word(sub(text, at, d - 1))
    if sub(text, d, d + 1) == '$$' then
      word '$'
      at = d + 2
    elseif sub(text, d, d + 2) == '$--' then
      local e = find(text, '\n', d, true) or #text + 1
      at = (d == 1 or sub(text, d - 1, d - 1) == '\n') and e + 1 or e
    elseif sub(text, d, d + 2) == '$^$' or sub(text, d, d + 2) == '$~$' then
      at = d + 3 -- nesting and breakable spaces concern the filling of lines only
    else
      local inner, to = directive(text, d)
      if not inner then error('template: a directive is not closed', 0) end
      local name, arg = match(inner, '^(%a+)%s*%((.-)%)$')
      if name == 'if' then
        local node = { kind = 'if', { test = arg, body = { kind = 'list' } } }
        open(node, node[1].body)
        at = behind(d, to)
      elseif name == 'elseif' or inner == 'else' then
        local node = stack[#stack] and stack[#stack].node
        if not node or node.kind ~= 'if' then error('template: ' .. inner .. ' without if', 0) end
        node[#node + 1] = { test = name == 'elseif' and arg or nil, body = { kind = 'list' } }
        top = node[#node].body
        at = behind(d, to)
      elseif name == 'for' then
        local node = { kind = 'for', over = arg, body = { kind = 'list' } }
        open(node, node.body)
        at = behind(d, to)
      elseif inner == 'sep' then
        local node = stack[#stack] and stack[#stack].node
        if not node or node.kind ~= 'for' then error('template: sep without for', 0) end
        node.sep = { kind = 'list' }
        top = node.sep
        at = behind(d, to)
      elseif inner == 'endif' or inner == 'endfor' then
        local frame = stack[#stack]
        if not frame or frame.node.kind ~= sub(inner, 4) then error('template: ' .. inner .. ' comes unexpected', 0) end
        top = frame.list
        stack[#stack] = nil
        at = behind(d, to)
      else
        local over, partial, rest = match(inner, '^([%w_.%-]+):([%w_.%-]+)%(%)(.*)$')
        if not over then partial, rest = match(inner, '^([%w_.%-]+)%(%)(.*)$') end
        local var, sep = match(inner, '^(.-)%[(.*)%]$')
        if partial then
          local node = { kind = 'partial', body = parse(load(partial):gsub('\n$', ''), load) }
          if over then node = { kind = 'for', over = over, body = { kind = 'list', node }, sep = { kind = 'list', { kind = 'text', text = match(rest, '^%[(.*)%]$') or '' } } } end
          add(node)
        else
          add { kind = 'var', path = var or inner, sep = sep }
        end
        at = to
      end
    end
  end
  word(sub(text, at))
  if #stack > 0 then error('template: ' .. stack[#stack].node.kind .. ' is not closed', 0) end
  return root
end

local function lookup(context, path)
  local v = context
  for part in gmatch(match(path, '^[^/]+'), '[^.]+') do
    if type(v) ~= 'table' then return nil end
    v = v[part]
  end
  return v
end
local function is_list(v)
  return type(v) == 'table' and not C.class_of(v) and (#v > 0 or native.metatable(v) == C.List_mt)
    and native.metatable(v) ~= C.Inlines_mt and native.metatable(v) ~= C.Blocks_mt
end
local function truthy(v)
  if v == nil or v == false then return false end
  if type(v) == 'string' then return v ~= '' end
  if is_list(v) then
    for _, x in ipairs(v) do
      if truthy(x) then return true end
    end
    return false
  end
  return true
end
local function text_of(v)
  if v == nil or v == false then return '' end
  if v == true then return 'true' end
  if type(v) == 'table' then
    local mt = native.metatable(v)
    if mt and mt.__name == 'Doc' then return C.lazy('layout').layout.render(v) end
    if is_list(v) then
      local out = {}
      for i, x in ipairs(v) do out[i] = text_of(x) end
      return concat(out)
    end
    if mt == C.Inlines_mt or mt == C.Blocks_mt or C.class_of(v) then return C.M.utils.stringify(v) end
    return 'true'
  end
  return tostring(v)
end
local pipes = {
  uppercase = function(s) return native.upper(text_of(s)) end,
  lowercase = function(s) return native.lower(text_of(s)) end,
  length = function(v) return tostring(is_list(v) and #v or utf8.len(text_of(v))) end,
  reverse = function(v)
    if not is_list(v) then return C.M.text.reverse(text_of(v)) end
    local out = {}
    for i = #v, 1, -1 do out[#out + 1] = v[i] end
    return C.new_list(out)
  end,
  first = function(v) return is_list(v) and v[1] or v end,
  last = function(v) return is_list(v) and v[#v] or v end,
  rest = function(v) return is_list(v) and C.new_list { table.unpack(v, 2) } or v end,
  allbutlast = function(v) return is_list(v) and C.new_list { table.unpack(v, 1, #v - 1) } or v end,
  chomp = function(v) return (text_of(v):gsub('[\n ]+$', '')) end,
  nowrap = function(v) return v end,
  alpha = function(v)
    local n = tonumber(text_of(v))
    return n and string.char(96 + (n - 1) % 26 + 1) or v
  end,
  roman = function(v)
    local n = tonumber(text_of(v))
    return n and C.M.utils.to_roman_numeral(n):lower() or v
  end,
  pairs = function(v)
    local out = {}
    for k, x in native.pairs(v or {}) do out[#out + 1] = { key = tostring(k), value = x } end
    return C.new_list(out)
  end,
}
local function boxed(s, align, n)
  local gap = math.max(0, n - C.lazy('layout').width(s))
  if align == 'left' then return s .. rep(' ', gap) end
  if align == 'right' then return rep(' ', gap) .. s end
  return rep(' ', gap // 2) .. s .. rep(' ', gap - gap // 2)
end
local function value(context, path)
  local v = lookup(context, path)
  for pipe in gmatch(path, '/([^/]+)') do
    local name, n, a, b = match(pipe, '^%s*(%a+)%s*(%d*)%s*"?(.-)"?%s*"?([^"]*)"?%s*$')
    if pipes[name] then
      v = pipes[name](v)
    elseif name == 'left' or name == 'right' or name == 'center' then
      v = a .. boxed(text_of(v), name, tonumber(n) or 0) .. b
    else
      error('template: there is no pipe ' .. tostring(name), 0)
    end
  end
  return v
end

local draw
local function with(context, name, item)
  local inner = { it = item }
  inner[match(name, '([^.]+)$')] = item
  return setmetatable(inner, { __index = context })
end
local drawing = {
  list = function(node, context, out)
    for _, n in ipairs(node) do draw(n, context, out) end
  end,
  text = function(node, _, out) out[#out + 1] = node.text end,
  var = function(node, context, out)
    local v = value(context, node.path)
    if node.sep and is_list(v) then
      for i, x in ipairs(v) do
        if i > 1 then out[#out + 1] = node.sep end
        out[#out + 1] = text_of(x)
      end
    else
      out[#out + 1] = text_of(v)
    end
  end,
  ['if'] = function(node, context, out)
    for _, branch in ipairs(node) do
      if not branch.test or truthy(value(context, branch.test)) then return draw(branch.body, context, out) end
    end
  end,
  ['for'] = function(node, context, out)
    local v = value(context, node.over)
    local items = is_list(v) and v or truthy(v) and { v } or {}
    for i, item in ipairs(items) do
      if i > 1 and node.sep then draw(node.sep, context, out) end
      local inner = with(context, match(node.over, '^[^/]+'), item)
      if type(item) == 'table' and not C.class_of(item) then
        local around = inner
        inner = setmetatable({}, { __index = function(_, k)
          local own = item[k]
          if own ~= nil then return own end
          return around[k]
        end })
      end
      draw(node.body, inner, out)
    end
  end,
  partial = function(node, context, out) draw(node.body, context, out) end,
}
function draw(node, context, out)
  return drawing[node.kind](node, context, out)
end

local template = {}
function template.compile(text, path)
  if type(text) ~= 'string' then error('a template is a text, got ' .. type(text), 2) end
  local folder = path and match(path, '^(.*/)') or ''
  local ext = path and match(path, '(%.[^./]*)$') or '.html'
  local function load(name)
    local file = folder .. name .. (find(name, '.', 1, true) and '' or ext)
    local found, why = native.read_file(file)
    if not found then error('template: no partial ' .. name .. ': ' .. tostring(why), 0) end
    return found
  end
  return setmetatable({ root = parse(text, load) }, Template_mt)
end
function template.apply(t, context)
  if type(t) == 'string' then t = template.compile(t) end
  local out = {}
  draw(t.root, context or {}, out)
  return C.lazy('layout').to_doc(concat(out))
end
function template.get(name)
  local text, why = native.read_file(name)
  if not text then error(why, 2) end
  return text
end
function template.default(format)
  if format == 'plain' or format == nil then return '$body$\n' end
  if match(format, '^html') then
    return '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8" />\n<title>$title$</title>\n</head>\n<body>\n$body$\n</body>\n</html>\n'
  end
  error("there is no template for '" .. tostring(format) .. "'", 2)
end
function template.meta_to_context(meta, blocks_writer, inlines_writer)
  local function convert(v)
    if type(v) ~= 'table' then return v end
    local mt = native.metatable(v)
    if mt == C.Inlines_mt then return inlines_writer(v) end
    if mt == C.Blocks_mt then return blocks_writer(v) end
    local out = {}
    for k, x in native.pairs(v) do out[k] = convert(x) end
    return is_list(v) and C.new_list(out) or out
  end
  return convert(meta)
end

return { template = template }
