using System.Diagnostics;

namespace Relo.Api.Tests.Fixtures;

/// <summary>
/// A machine of a fleet, as far as <c>fetch.sh</c> and <c>select.sh</c> can see one: its own kernel and os-release, a shell, and in PATH
/// only the programs that a small system has.
/// </summary>
internal sealed class Node : IDisposable
{
    private static readonly string[] Tools =
        ["cat", "chmod", "cut", "dirname", "grep", "head", "mkdir", "mktemp", "mv", "od", "rm", "sed", "sha256sum", "sleep", "tail", "tr"];

    private static readonly string[] Folders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

    private readonly string _bin;
    private readonly string[] _shell;

    /// <param name="shell"><c>dash</c>, <c>bash</c>, or <c>busybox</c>: its shell and its tools.</param>
    /// <param name="downloader"><c>curl</c>, <c>wget</c>, <c>busybox-wget</c>, or empty for none.</param>
    /// <param name="more">Further programs that it has.</param>
    public Node(string shell, string downloader, params string[] more)
    {
        foreach (var needed in new[] { shell, downloader.Replace("-wget", "", StringComparison.Ordinal) }.Where(n => n.Length > 0))
            Assert.SkipUnless(Find(needed) is not null, $"{needed} is not installed");
        Home = Directory.CreateTempSubdirectory("relo-node-").FullName;
        _bin = Directory.CreateDirectory(Path.Combine(Home, "bin")).FullName;
        _shell = shell == "busybox" ? [Find("busybox")!, "sh"] : [Find(shell)!];
        foreach (var tool in Tools.Concat(more)) Link(tool, shell == "busybox" && tool != "openssl" ? Find("busybox")! : Find(tool)!);
        if (downloader is "curl" or "wget") Link(downloader, Find(downloader)!);
        if (downloader == "busybox-wget") Link("wget", Find("busybox")!);
        IsKernel("5.11.0-syscall-work", "x86_64");
        File.WriteAllText(Path.Combine(Home, "os-release"), "NAME='Sample Linux'\nID=sample\nVERSION_ID=\"1\"\n");
    }

    /// <summary>The working directory of the script.</summary>
    public string Home { get; }

    public Dictionary<string, string> Environment { get; } = [];

    public string PathOf(string file) => Path.Combine(Home, file);

    /// <summary>The output of <c>uname</c>; none for <c>uname -v</c> if <paramref name="words"/> is empty.</summary>
    public void IsKernel(string release, string machine, string words = "")
    {
        var uname = Path.Combine(_bin, "uname");
        File.WriteAllText(uname, $"#!/bin/sh\ncase $1 in -r) echo '{release}' ;; -m) echo '{machine}' ;; -v) echo '{words}' ;; esac\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(uname, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <summary>Replaces its <c>openssl</c> by that of an old system, from a folder with its libraries.</summary>
    public void HasOpenSslOf(string root)
    {
        File.Delete(Path.Combine(_bin, "openssl"));
        Link("openssl", Path.Combine(root, "usr/bin/openssl"));
        var libraries = Directory.EnumerateFiles(Path.Combine(root, "usr/lib"), "libcrypto.so.1.1", SearchOption.AllDirectories).Single();
        Environment["LD_LIBRARY_PATH"] = Path.GetDirectoryName(libraries)!;
    }

    /// <summary>Adds a program to PATH.</summary>
    public void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(_bin, name), target);

    /// <summary>A command line that starts the shell; empty for none.</summary>
    public string[] Through { get; set; } = [];

    /// <summary>Runs a script from standard input, as after <c>curl … |</c>.</summary>
    public Task<(int Status, string Said)> RunAsync(string script, params string[] args) => RunAsync(["-s", "--", .. args], script);

    /// <summary>Runs a script that is a file, as <c>sh file …</c>.</summary>
    public Task<(int Status, string Said)> RunFileAsync(string file, params string[] args) => RunAsync([file, .. args], input: "");

    private async Task<(int Status, string Said)> RunAsync(string[] shellArgs, string input)
    {
        string[] command = [.. Through, .. _shell, .. shellArgs];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Home,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = _bin;
        start.Environment["RELO_OS_RELEASE"] = PathOf("os-release");
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (error, output) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await error + await output);
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);

    /// <summary>The path of a program on this machine.</summary>
    public static string? Find(string name)
        => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
