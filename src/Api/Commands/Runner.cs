using System.Runtime.InteropServices;
using MediatR;
using Relo.Api.Access;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Ops;
using Relo.Archive;
using Relo.Archive.Faults;
using Relo.Archive.Index;

namespace Relo.Api.Commands;

/// <summary>Opens the archive and runs the command.</summary>
internal static class Runner
{
    /// <summary>The exit status: 0 if the command is done, otherwise another, with the reason on standard error.</summary>
    public static Task<int> RunAsync(WebApplication app, CommandLine command) =>
        command.Verb == Verb.Serve ? ServeAsync(app) : OnceAsync(app, command);

    private static async Task<int> ServeAsync(WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        // Without a handler, SIGHUP ends the process. Kestrel itself notices a replaced certificate.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            app.Services.GetRequiredService<KeyFollower>().ReadNow();
        });
        await app.Services.GetRequiredService<ArchiveStartup>().StartAsync(stopping);
        await app.Services.GetRequiredService<SampleKernels>().RegisterAsync(stopping);
        try
        {
            await app.StartAsync();
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e)
        {
            await app.StopAsync(); // stops the services before their dependencies are disposed
            if (e is OperationCanceledException && stopping.IsCancellationRequested) return 0; // stopped before it was ready
            throw;
        }
        finally
        {
            await app.DisposeAsync();
        }
    }

    private static async Task<int> OnceAsync(WebApplication app, CommandLine command)
    {
        using var stop = new CancellationTokenSource();
        Actor.Is($"command {command.Command!.Name}, user {Environment.UserName}");
        await using TextWriter output = new PrintableWriter(Console.Out), error = new PrintableWriter(Console.Error);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            // verify itself reports faults that would prevent the start
            if (command.Verb != Verb.Verify) await app.Services.GetRequiredService<ArchiveStartup>().OpenAsync(stop.Token);
            await using var scope = app.Services.CreateAsyncScope();
            return command.Verb.IsOffline()
                ? await RunOfflineAsync(scope.ServiceProvider, command, output, error, stop.Token)
                : await RunAsync(scope.ServiceProvider.GetRequiredService<IMediator>(), command, output, error, stop.Token);
        }
        catch (Exception e) when (FailureOf(e, command.Command!.Name, stop.Token) is var (status, message))
        {
            await error.WriteLineAsync(message);
            return status;
        }
        finally
        {
            await app.DisposeAsync(); // writes the last lines of the log
        }

        // The command stops cleanly and prints what it has done.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    // The exit status and what to print; null for a bug in Relo.
    private static (int Status, string Message)? FailureOf(Exception e, string command, CancellationToken stop) => e switch
    {
        OperationCanceledException when stop.IsCancellationRequested => (1, "stopped"),
        CommandFailedException failed => (failed.Status, $"{command}: {failed.Message}"),
        _ when Problem.OfInput(e) is { } problem => (ExitStatus.Of(problem), $"{command}: {problem.Detail}"),
        _ when StorageFault.Of(e) is { } fault => (1, $"{fault.Reason}: {e.GetBaseException().Message}"),
        _ => null,
    };

    private static Task<int> RunOfflineAsync(
        IServiceProvider services, CommandLine command, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var (mediator, budget) = (services.GetRequiredService<IMediator>(), services.GetRequiredService<MemoryBudget>());
        var file = ActivatorUtilities.CreateInstance<ObjectFile>(services);
        var files = ActivatorUtilities.CreateInstance<KernelFiles>(services);
        return command.Verb switch
        {
            Verb.Check => new CheckCommand(mediator, file, files, budget, command, output).RunAsync(stop),
            Verb.Diagnose => new DiagnoseCommand(mediator, file, files, budget, command, output).RunAsync(stop),
            Verb.Types => new TypesCommand(mediator, files, command, output).RunAsync(stop),
            _ => new RelocateCommand(mediator, file, files, budget, command, output, error).RunAsync(stop),
        };
    }

    private static Task<int> RunAsync(
        IMediator mediator, CommandLine command, TextWriter output, TextWriter error, CancellationToken stop) =>
        command.Verb switch
        {
            Verb.Import => ImportCommand.RunAsync(mediator, command.Arguments[0], output, error, stop),
            Verb.Sync => SyncCommand.RunAsync(mediator, command, output, error, stop),
            Verb.List => ListCommand.RunAsync(mediator, output, stop),
            Verb.Verify => VerifyCommand.RunAsync(mediator, output, stop),
            Verb.Prune => PruneCommand.RunAsync(mediator, command.Arguments, output, stop),
            Verb.Export => ExportCommand.RunAsync(mediator, command.Arguments, output, error, stop),
            Verb.Backup => BackupCommand.RunAsync(mediator, command.Arguments[0], output, error, stop),
            Verb.Migrate => MigrateCommand.RunAsync(mediator, command, output, error, stop),
            var other => throw new InvalidOperationException($"{other} is not a command of the archive"),
        };
}
