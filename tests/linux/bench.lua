-- bench.lua -- loops, words and a table that is sorted
local sum = 0
for i = 1, 1000000 do sum = (sum + i * 7) % 1000003 end

local words = {}
for i = 1, 10000 do words[#words + 1] = string.format("%d:%s", i, ("x"):rep(i % 17)) end
local text = table.concat(words, ","):gsub("x+", string.upper)
local count = select(2, text:gsub(",", ""))

local numbers, seed = {}, 1
for i = 1, 20000 do
  seed = (seed * 1103515245 + 12345) % 2147483648
  numbers[i] = seed
end
table.sort(numbers)
for i = 2, #numbers do assert(numbers[i - 1] <= numbers[i]) end
assert(count == 9999 and sum > 0)
