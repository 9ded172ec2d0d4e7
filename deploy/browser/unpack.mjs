// Unpacks the package's Chromium and its libraries into TMPDIR; prints the program's path.
// The package unpacks its libraries only where it believes to be on AWS Lambda.
process.env.AWS_EXECUTION_ENV ??= "AWS_Lambda_nodejs22.x";
process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs22.x";
const { default: chromium } = await import("@sparticuz/chromium");
console.log(await chromium.executablePath());
