// lua53.js -- Lua 5.3's own tests, taken out of the npm package fengari as files
//
//   node lua53.js TESTS DIR     TESTS: the package's test/test-suite
//
// fengari is Lua 5.3 written in JavaScript; its tests are those of Lua's own
// suite, cut into single ones: each is a function that opens Lua's libraries,
// loads a text and calls it. Here these functions run with a library of C that
// only notes the text: DIR/FILE-NN-WORDS.lua loads the same text under the same
// name and calls it. A test that does other things, or whose text
// uses T, the library of Lua's tests that is written in C, is left out:
// DIR/left-out says which and why.
'use strict';

const fs = require('fs');
const path = require('path');
const Module = require('module');

const [tests, to] = process.argv.slice(2);
const ERRSYNTAX = 3;
const QUIET = ['luaL_newstate', 'luaL_openlibs', 'luaopen_tests'];
let texts; // what the test has loaded: { text, name } or { file }
let called;
let others; // what else it has used

// The functions of the package's modules, as far as single tests need them.
const library = {
    to_luastring: text => text,
    luaL_newstate: () => ({}),
    luaL_loadstring: (L, text) => texts.push({ text }) && 0,
    luaL_loadbuffer: (L, text, size, name) => texts.push({ text, name }) && 0,
    luaL_loadfile: (L, file) => texts.push({ file }) && 0,
    lua_call: (L, given, wanted) => {
        called += given === 0 && wanted === 0;
    },
    LUA_ERRSYNTAX: ERRSYNTAX
};

const recorder = new Proxy(library, {
    get: (all, name) => {
        if (name in all)
            return all[name];
        if (!QUIET.includes(name))
            others.push(name);
        return () => 0;
    }
});

// Why a test cannot be a file; undefined if it can.
function obstacle()
{
    if (others.length > 0)
        return `uses ${others[0]}`;
    if (texts.length !== 1 || called !== 1)
        return `loads ${texts.length} texts and calls ${called}`;
    if (/\bT\.\w|require\('T'\)/.test(texts[0].text))
        return 'uses the library T';
    return undefined;
}

// A Lua string that is any text.
function quote(text)
{
    let level = '';

    while (text.includes(`]${level}]`) || text.endsWith(`]${level}`))
        level += '=';
    return `[${level}[\n${text}]${level}]`;
}

function put(name, { text, name: chunk, file })
{
    const out = path.join(to, `${name}.lua`);

    if (file !== undefined)
        fs.copyFileSync(path.join(tests, path.basename(file)), out);
    else
        fs.writeFileSync(out, `assert(load(${quote(text)}${
            chunk === undefined ? '' : `, ${quote(chunk)}`}))()\n`);
}

// Run the tests of one file of the package.
function take(file, left)
{
    const stem = path.basename(file, '.test.js');
    let number = 0;

    global.test = (title, body) => {
        const words = title.replace(/^.*?: /, '').toLowerCase()
            .replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 40);
        const name = `${stem}-${String(++number).padStart(2, '0')}-${words}`;

        texts = [];
        called = 0;
        others = [];
        body();
        const why = obstacle();

        if (why === undefined)
            put(name, texts[0]);
        else
            left.push(`${name}: ${why}`);
    };
    global.test.skip = global.test;
    others = [];
    require(path.resolve(tests, file));
}

Module._load = (load => function (name, ...rest) {
    return /^\.\.?\//.test(name) ? recorder : load.call(this, name, ...rest);
})(Module._load);

const left = [];

for (const file of fs.readdirSync(tests).sort())
    if (file.endsWith('.test.js'))
        take(file, left);
fs.writeFileSync(path.join(to, 'left-out'), left.map(line => `${line}\n`).join(''));
