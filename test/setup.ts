import "./matchers.js";

delete process.env.FORCE_COLOR; // of whoever runs the tests: what child processes print is read here
