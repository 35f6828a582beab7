using System.Diagnostics;
using System.IO.Compression;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.SupplyChain;

/// <summary>The packages, used from the folder that they were packed to.</summary>
public sealed class PackTests : IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>
          <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
          <ItemGroup><PackageReference Include="Relo.Core" Version="1.0.0" /></ItemGroup>
        </Project>
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-pack-").FullName;

    private string Packages => Path.Combine(_folder, "packages");

    [Fact]
    public async Task The_tool_checks_an_object_where_it_was_installed()
    {
        await PackAsync("Api");
        var configuration = WriteConfiguration(_folder);
        var place = Path.Combine(_folder, "tool");
        await RunAsync(0, "dotnet", "tool", "install", "Relo.Tool", "--tool-path", place, "--configfile", configuration);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "x.bpf.o"), Samples.Object);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "5.11.0.btf"), Samples.NewBtf);
        var output = await RunAsync(0, Path.Combine(place, "relo"), "check", "x.bpf.o", "--btf", "5.11.0.btf");
        Assert.StartsWith("GUARDED on 1 of 1 kernel\n", output, StringComparison.Ordinal);
        await RunAsync(4, Path.Combine(place, "relo"), "check", "x.bpf.o", "--btf", "5.11.0.btf", "--fail-on", "poisoned");
    }

    [Fact]
    public async Task The_example_of_the_library_relocates()
    {
        await PackAsync("Core");
        using (var package = ZipFile.OpenRead(Path.Combine(Packages, "Relo.Core.1.0.0.nupkg")))
        {
            var names = package.Entries.Select(entry => entry.FullName).ToList();
            Assert.Contains("README.md", names);
            Assert.Contains("lib/net10.0/Relo.Core.xml", names);
        }

        var user = Directory.CreateDirectory(Path.Combine(_folder, "user")).FullName;
        WriteConfiguration(user);
        await File.WriteAllTextAsync(Path.Combine(user, "user.csproj"), Project);
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src/Core/README.md"));
        var code = readme.Split("```csharp\n")[1].Split("```")[0];
        code = code.Replace("/sys/kernel/btf/vmlinux", "kernel.btf", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(user, "Program.cs"), code);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "tracer.bpf.o"), Samples.Object);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "kernel.btf"), Samples.NewBtf);
        var output = await RunAsync(0, "dotnet", "run", "--project", user);
        Assert.Contains("GUARDED: relocations without target: 1 of 11", output, StringComparison.Ordinal);
        Assert.Equal(Samples.Object.Length, new FileInfo(Path.Combine(_folder, "tracer.relocated.bpf.o")).Length);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<string> PackAsync(string project)
    {
        var source = Path.Combine(_folder, "source");
        SourceCopy.To(source);
        return RunAsync(
            0, "dotnet", "pack", Path.Combine(source, "src", project), "-o", Packages, "-p:RunAnalyzers=false", "-p:NuGetAudit=false");
    }

    private string WriteConfiguration(string folder)
    {
        var path = Path.Combine(folder, "nuget.config");
        File.WriteAllText(path,
            $"<configuration><packageSources><clear/><add key=\"here\" value=\"{Packages}\"/></packageSources></configuration>");
        return path;
    }

    private async Task<string> RunAsync(int expected, string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        start.Environment["NUGET_PACKAGES"] = program == "dotnet" && words[0] == "run" ? Path.Combine(_folder, "cache") : null;
        var (status, output, error) = await RunProgram.RunAsync(start);
        Assert.True(expected == status, $"{program} {string.Join(' ', words)} ended with {status}: {output}{error}");
        return output;
    }
}
