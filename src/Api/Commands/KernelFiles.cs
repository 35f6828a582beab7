using MediatR;
using Microsoft.Extensions.Options;
using Relo.Api.Http.Problems;
using Relo.Api.Kernels;
using Relo.Archive.Import;
using Relo.Archive.Kernels;
using Relo.Archive.Settings;

namespace Relo.Api.Commands;

/// <summary>
/// Adds the files of <c>--btf</c> and <c>--module-btf</c> to the archive of a command, which has no other kernels. A kernel that its file
/// does not name is named after the file.
/// </summary>
internal sealed class KernelFiles(IMediator mediator, IOptions<ArchiveOptions> options)
{
    private const string UnknownArch = "unknown";

    /// <summary>Adds the files, and returns their kernels, each once.</summary>
    /// <exception cref="CommandFailedException">A file cannot be read, or has no BTF.</exception>
    public async Task<IReadOnlyList<Kernel>> AddAsync(
        IEnumerable<string> files, IReadOnlyList<string> modules, CancellationToken cancellation)
    {
        var kernels = new List<Kernel>();
        foreach (var file in files) kernels.Add(await AddAsync(file, kernels.Count + 1, cancellation));
        foreach (var file in modules) kernels[^1] = await AddModuleAsync(file, kernels[^1], cancellation);
        return [.. kernels.DistinctBy(kernel => kernel.Id)];
    }

    /// <summary>The kernel that a command names: one of the archive, or a file.</summary>
    /// <exception cref="CommandFailedException">The file cannot be read, or has no BTF.</exception>
    public async Task<KernelQuery> QueryAsync(CommandLine command, CancellationToken cancellation) =>
        command.Value(OfflineFlags.KernelId) is { } named ? new(named)
        : new((await AddAsync(command.All(OfflineFlags.BtfFile), command.All(OfflineFlags.ModuleFile), cancellation))[0].Id);

    private async Task<Kernel> AddAsync(string file, int number, CancellationToken cancellation)
    {
        var bytes = await ReadAsync(file, cancellation);
        var path = Path.GetFullPath(file);
        var given = BtfHubPath.Describe(path) ?? Named(path);
        var outcome = await SendAsync(given);
        // The archive refuses a file that does not name its kernel; what is missing is completed in this order.
        if (IsUnnamed(outcome)) outcome = await SendAsync(given = given with { Release = given.Release ?? NameOf(path) });
        if (IsUnnamed(outcome)) outcome = await SendAsync(given = given with { Arch = given.Arch ?? UnknownArch });
        if (outcome is Conflict) outcome = await SendAsync(given with { Version = $"file-{number}" });
        return Kernel(outcome, file);

        Task<AddOutcome> SendAsync(KernelDescription description) =>
            mediator.Send(new AddKernel(bytes, description, Replace: false), cancellation);
    }

    private async Task<Kernel> AddModuleAsync(string file, Kernel kernel, CancellationToken cancellation)
    {
        var bytes = await ReadAsync(file, cancellation);
        var given = new KernelDescription(kernel.Distro, kernel.Version, kernel.Arch, kernel.Release, Path.GetFileName(file).Split('.')[0]);
        return Kernel(await mediator.Send(new AddKernel(bytes, given, Replace: false), cancellation), file);
    }

    // The running kernel's BTF does not name it.
    private KernelDescription Named(string path) => path == options.Value.HostBtfPath && File.Exists(options.Value.HostReleasePath)
        ? new(Release: File.ReadAllText(options.Value.HostReleasePath).Trim())
        : BtfHubPath.DescribeName(path);

    private static string NameOf(string path) =>
        string.Concat(Path.GetFileName(path).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_')).TrimStart('.');

    private static bool IsUnnamed(AddOutcome outcome) => outcome is Rejected { Code: Rejected.InvalidKernel };

    private static Kernel Kernel(AddOutcome outcome, string file) => outcome switch
    {
        Added added => added.Kernel,
        AlreadyThere there => there.Kernel,
        Rejected rejected => throw new CommandFailedException(ExitStatus.Of(Problem.Of(rejected)), $"{file}: {rejected.Detail}"),
        Conflict conflict => throw new CommandFailedException(ExitStatus.Refused, $"{file}: {Problem.Of(conflict).Detail}"),
        _ => throw new InvalidOperationException(outcome.GetType().Name),
    };

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllBytesAsync(file, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitStatus.NotHere, $"{file} cannot be read: {e.Message}");
        }
    }
}
