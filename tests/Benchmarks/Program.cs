using Relo.Benchmarks;
using Relo.Benchmarks.Answers;
using Relo.Benchmarks.Cluster;
using Relo.Benchmarks.Compatibility;
using Relo.Benchmarks.Core;
using Relo.Benchmarks.Http;
using Relo.Benchmarks.Load;
using Relo.Benchmarks.Load.Soak;
using Relo.Benchmarks.MinimalBtf;
using Relo.Benchmarks.Packed;
using Relo.Benchmarks.Start;
using Relo.Benchmarks.Trust;

// dotnet run -c Release --project tests/Benchmarks -- VERB [arguments]
Benchmark[] benchmarks =
[
    new("core", "relocating an object beside Debian's libbpf, cold, opened and warm: [rounds]", CoreBenchmark.RunAsync,
        "libbpf-dev", "libelf-dev", "zlib1g-dev"),
    new("kernels", "a small object on many kernels one after another, time and memory: [count]", ManyKernelsBenchmark.RunAsync, []),
    new("compatibility", "one object on all kernels of a growing archive, over HTTP: [kernels…]", CompatibilityBenchmark.RunAsync, []),
    new("answers", "features, report, contents and diagnosis of an object with 20,000 records, over HTTP: [rounds]",
        AnswersBenchmark.RunAsync, []),
    new("http", "the service under wrk, beside nginx and bare Kestrel: [rounds] [seconds of each]", HttpBenchmark.RunAsync,
        "nginx-light", "wrk"),
    new("minimal-btf", "minimal BTF, beside bpftool gen min_core_btf: [rounds]", MinimalBtfBenchmark.RunAsync, "bpftool"),
    new("packed", "BTF stored as differences: its bytes beside .btf.tar.xz, and the first question to a kernel",
        PackedBenchmark.RunAsync, []),
    new("trust", "what signing adds to a cached answer, and the audit trail to a write: [rounds] [other Relo.Api.dll]",
        TrustBenchmark.RunAsync, []),
    new("start", "from start to ready, and memory then: [kernels] [rounds]", StartBenchmark.RunAsync, []),
    new("runtime", "ways to collect garbage and to compile, in turns: [rounds] [seconds] [other Relo.Api.dll…]", RuntimeBenchmark.RunAsync,
        "wrk"),
    new("nodes", "one to three nodes on PostgreSQL and S3 behind nginx: [seconds of each]", NodesBenchmark.RunAsync,
        "nginx-light", "wrk", "postgresql-15", "nodejs", "npm"),
    new("load", "mixed traffic over 64 connections: [seconds]", LoadBenchmark.RunAsync, []),
    new("soak",
        "normal clients among hostile ones, within a control group: [minutes] [MiB of memory] [MiB that large objects are padded by]",
        SoakBenchmark.RunAsync, []),
    new("hogs", "an uncached relocation alone, and beside 24 clients of each hostile kind: [seconds of each]", HogBenchmark.RunAsync, []),
    new("echo", "bare Kestrel for the one above: port", Echo.ServeAsync, null),
];

if (benchmarks.FirstOrDefault(benchmark => args.Length > 0 && benchmark.Verb == args[0]) is not { } chosen)
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Benchmarks -- VERB [arguments]");
    foreach (var benchmark in benchmarks) Console.Error.WriteLine($"  {benchmark.Verb,-16}{benchmark.About}");
    return 2;
}

if (!await Provision.ForAsync(chosen)) return 2;
await chosen.RunAsync(args[1..]);
return Environment.ExitCode;
