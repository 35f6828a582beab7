using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Relo.Archive.Faults;

namespace Relo.Api.Commands;

/// <summary>Distinguishes configuration errors from bugs: a configuration error needs a message, which a stack trace would hide.</summary>
internal static class UnusableSettings
{
    // Exceptions of types that any code throws are configuration errors only if one of these assemblies throws them.
    private static readonly string[] Readers = ["Microsoft.Extensions.Configuration.Binder", "Serilog.Settings.Configuration",
        "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Server.Kestrel.Core"];

    /// <summary>Whether a setting causes the exception.</summary>
    public static bool AreCauseOf(Exception exception) => exception switch
    {
        AggregateException several => several.InnerExceptions.All(AreCauseOf),
        OptionsValidationException or ArchiveStartupException or CryptographicException => true,
        FileNotFoundException or DirectoryNotFoundException => true, // a certificate, or the key of one
        InvalidDataException { Source: "Microsoft.Extensions.Configuration.FileExtensions" } => true, // appsettings.json is not JSON
        IOException { InnerException: AddressInUseException } => true,
        // Another machine's address, or a port below 1024.
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.AccessDenied } => true,
        InvalidOperationException or FormatException => Array.Exists(Readers, reader => exception.Source == reader),
        _ => false,
    };

    /// <summary>The faults to correct, one per line.</summary>
    public static string Message(Exception exception) => exception switch
    {
        SocketException socket => "The service cannot listen on the addresses of ASPNETCORE_URLS (--urls) or Kestrel:Endpoints: "
            + $"{socket.Message}",
        OptionsValidationException several => string.Join(Environment.NewLine, several.Failures),
        AggregateException several => string.Join(Environment.NewLine, several.InnerExceptions.Select(Message)),
        // It names the file; the inner exception gives the position in it.
        InvalidDataException { InnerException: { } reason } => $"{exception.Message} {reason.InnerException?.Message ?? reason.Message}",
        _ => exception.Message,
    };
}
