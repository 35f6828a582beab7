using Microsoft.Extensions.Options;
using Relo.Api.Hosting;

namespace Relo.Api.Access;

/// <summary>
/// Reads the keys again every second, so that a key can be added or withdrawn without a restart. Reads the contents instead of watching
/// the files: that also works if a file is replaced by a rename, or a folder by a symbolic link, as Kubernetes does. Invalid keys
/// are logged, and the previous ones stay in use.
/// </summary>
internal sealed class KeyFollower(
    IOptionsFactory<AccessOptions> factory, IOptions<AccessOptions> atStart, KeyRing ring, TimeProvider clock, ILogger<KeyFollower> log)
    : RestartingService(log, clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock _turn = new();
    private string _inUse = TextOf(atStart.Value);
    private string _lastRead = TextOf(atStart.Value);

    /// <summary>Reads them immediately, including those of the configuration, on SIGHUP.</summary>
    public void ReadNow()
    {
        Read(out var text, out var options);
        lock (_turn)
        {
            if (options is null && text == _inUse) LogFault(text); // logged before, but the operator has just asked
            Use(text, options);
        }

        if (options is not null) log.LogInformation("The keys were read again");
    }

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (atStart.Value is { KeyFile.Length: 0, KeysFolder.Length: 0 }) return;
        using var timer = new PeriodicTimer(Every, Clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            Read(out var text, out var options);
            lock (_turn)
            {
                // Two equal reads in a row: the first may have seen a file that was being written.
                if (text == _lastRead) Use(text, options);
                _lastRead = text;
            }
        }
    }

    private void Use(string text, AccessOptions? options)
    {
        if (text == _inUse) return;
        _inUse = text;
        if (options is null)
        {
            LogFault(text);
            return;
        }

        ring.Replace(options);
        log.LogInformation("The keys changed; the service now accepts the keys of {Holders}",
            string.Join(", ", options.Keys.Keys.Order(StringComparer.Ordinal)));
    }

    private void LogFault(string reason) => log.LogError("The keys could not be read; the previous ones stay in use: {Reason}", reason);

    // The factory binds, completes and validates as at the start, and caches nothing.
    private void Read(out string text, out AccessOptions? options)
    {
        try
        {
            options = factory.Create(Options.DefaultName);
            text = TextOf(options);
        }
        catch (Exception e)
        {
            options = null;
            text = e is OptionsValidationException { Failures: var faults } ? string.Join("; ", faults) : e.Message;
        }
    }

    // Digests and scopes; equal if nothing changed.
    private static string TextOf(AccessOptions options) =>
        string.Join('\n', options.Keys.Concat(options.Scopes).Select(k => $"{k.Key}={k.Value}").Order(StringComparer.Ordinal));
}
